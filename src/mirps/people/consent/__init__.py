"""What rests on a person's consent: a file that another institution sees, for as long as the person agrees."""
