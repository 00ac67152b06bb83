"""The recogniser from the command line: texts from anywhere in, assessments out."""
