// Makes vendor/uswds/ from the npm package: compiled from its Sass with our font and few utilities,
// then without the variants that our pages do not use.
//   npm i @uswds/uswds@3.14.0 sass postcss clean-css
//   node tools/vendor/uswds.mjs NODE_MODULES src/mirps/web/static/vendor
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

const [modules, vendor] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(modules, "any.js"));
const sass = require("sass"), postcss = require("postcss"), CleanCSS = require("clean-css");
const uswds = join(modules, "@uswds/uswds");
const target = join(vendor, "uswds");

const FACES = [["regular", 400], ["bold", 700]].map(([style, weight]) => `@font-face{font-family:"Noto Sans";` +
  `font-weight:${weight};font-display:swap;src:url(../fonts/noto-sans-${style}.woff2) format("woff2")}`).join("");

// Selectors to leave out: a rule goes when all of its selectors are here.
const DROP = [
  /usa-alert--(?:emergency|validation)|usa-footer__(?:signup|newsletter|contact|address)|usa-sign|usa-overlay|usa-collection|contentEdit|usa-nav__submenu-(?:list|item)|usa-button--secondary:disabled|usa-footer--medium|usa-banner__(?:icon|guidance|content|inner|header-flag)|breadcrumb--wrap|usa-form--large|grid-container-(?:card|mobile|widescreen|tablet|none)|usa-header--extended|usa-checkbox__input:(?:disabled|indeterminate)|usa-search--big/,
  /data-sortable|aria-sort|header__button/,
  /usa-button--(?:active|hover|disabled|outline-inverse|base|accent)|\.usa-focus|\.usa-hover/,
  /:disabled:|:disabled\.|\[aria-disabled[^\]]*\][:.]/,
  /add-aspect|usa-icon|usa-nav__close.*:|usa-social|usa-sidenav|usa-language-selector .*(?:megamenu)|usa-input-(?:group|prefix)|usa-button-group--seg/,
  /usa-header--(?:mega)|usa-combo|usa-date|usa-time|usa-file|usa-range|usa-memorable|usa-character|usa-footer--big|usa-card--(?:inset|exdent)|--counters-sm|--no-labels/,
  /usa-prose ?>/,
  /\.usa-dark-background/,
  /--stacked-header/,
  /megamenu/,
  /show-password|show-multipass/,
  /accent-|--big|--inverse|--outline:.*--inverse/,
  /usa-checkbox__input--tile|usa-radio__input--tile|--tile/,
  /usa-input--(?:2xs|xs|sm|md|lg|xl|2xl)/,
  /indeterminate/,
  /usa-display/,
  /grid-offset|grid-gap-[1-6]|grid-gap-0|grid-gap-2px|grid-gap-05/,
  /usa-link--external|usa-link--alt/,
  /usa-collection__calendar/,
  /(?:tablet|desktop)\\:(?:padding|margin|display|text|measure)/,
  /usa-form__help|usa-sign/,
  /\.(?:padding|margin)-(?:[xy]|left|right|top|bottom)?-?(?:neg|1px|2px|05|105|205|7|8|9|10|15)/,
  /--numbered/,
  /usa-card--flag|usa-card--media|usa-card__media|usa-card__img/,
  /tablet-lg|usa-banner__lock/
];

const { css } = sass.compile(join(import.meta.dirname, "uswds.scss"), { style: "compressed", quietDeps: true,
  loadPaths: [join(uswds, "packages"), uswds], logger: sass.Logger.silent });
const root = postcss.parse(css);
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
  const kept = rule.selectors.filter((selector) => !DROP.some((pattern) => pattern.test(selector)));
  if (!kept.length) rule.remove();
  else if (kept.length < rule.selectors.length) rule.selectors = kept;
});
root.walkAtRules("supports", (rule) => { if (!rule.nodes.length) rule.remove(); });
root.walkComments((comment) => { comment.remove(); });
const { styles } = new CleanCSS({ level: { 1: { specialComments: 0 },
  2: { restructureRules: false, mergeSemantically: false } }, rebase: false }).minify(root.toString());

const images = [...new Set([...styles.matchAll(/url\("?(img\/[^)"]+)"?\)/g)].map(([, path]) => path))];
for (const path of images) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  copyFileSync(join(uswds, "dist", path), join(target, path));
}
writeFileSync(join(target, "uswds.css"), `/* USWDS 3.14.0, see LICENSE.md */\n${FACES}${styles}\n`);
copyFileSync(join(uswds, "LICENSE.md"), join(target, "LICENSE.md"));
console.log(`uswds.css: ${styles.length} bytes; images: ${images.map((path) => basename(path)).join(" ")}`);
