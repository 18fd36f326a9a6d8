import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.ValidateOutcome;
import org.javarosa.core.model.data.DateData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.IntegerData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.utils.DateUtils;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;
import org.opendatakit.validate.StubPropertyManager;

/**
 * Fills a form as ODK Collect does, with JavaRosa, its engine: walks it question by question, gives the answers of
 * a table (path, tab, answer; a repeat's turn in brackets), adds a repeat where an answer needs one, and writes
 * the instance that would be sent. An answer that the form refuses, or never asks for, ends it with a word.
 */
public class Fill {
    public static void main(String[] args) throws Exception {
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new StubPropertyManager());
        FormDef form = XFormUtils.getFormFromInputStream(new FileInputStream(args[0]));
        form.initialize(true, new InstanceInitializationFactory());
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[1]))) {
            String[] parts = line.split("\t", 2);
            answers.put(parts[0], parts[1]);
        }
        TreeSet<String> left = new TreeSet<>(answers.keySet());
        FormEntryController walk = new FormEntryController(new FormEntryModel(form));
        int event;
        while ((event = walk.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex here = walk.getModel().getFormIndex();
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
                String path = path(here);
                if (answers.keySet().stream().anyMatch(p -> p.startsWith(path + "/"))) walk.newRepeat();
            } else if (event == FormEntryController.EVENT_QUESTION) {
                FormEntryPrompt asked = walk.getModel().getQuestionPrompt();
                String path = path(here), answer = answers.get(path);
                if (answer == null) continue;
                left.remove(path);
                int said = walk.answerQuestion(here, data(asked, answer), true);
                if (said != FormEntryController.ANSWER_OK) fail(path, said == 1 ? "is needed" : asked.getConstraintText());
            }
        }
        if (!left.isEmpty()) fail(left.first(), "is never asked");
        ValidateOutcome outcome = form.validate(true);
        if (outcome != null) fail(path(outcome.failedPrompt), outcome.outcome == 1 ? "is needed" : "is refused");
        form.postProcessInstance();
        Files.write(Path.of(args[2]), new XFormSerializingVisitor().serializeInstance(form.getMainInstance()));
    }

    /** "person[2]/section_identity/...": the turn of each repeat after the first. */
    static String path(FormIndex index) {
        String full = index.getReference().toString(true);
        return full.replaceFirst("^/data(\\[1\\])?/", "").replace("[1]", "");
    }

    static IAnswerData data(FormEntryPrompt asked, String answer) {
        if (asked.getControlType() == Constants.CONTROL_SELECT_ONE) {
            for (SelectChoice choice : asked.getSelectChoices())
                if (choice.getValue().equals(answer)) return new SelectOneData(choice.selection());
            fail(answer, "cannot be chosen");
        }
        switch (asked.getDataType()) {
            case Constants.DATATYPE_DATE: return new DateData(DateUtils.parseDate(answer));
            case Constants.DATATYPE_INTEGER: return new IntegerData(Integer.parseInt(answer));
            default: return new StringData(answer);
        }
    }

    static void fail(String where, String why) {
        System.err.println(where + ": " + why);
        System.exit(3);
    }
}
