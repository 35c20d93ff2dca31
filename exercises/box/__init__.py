"""What runs beside a student's code: in the sandbox there is this, and `rnn_lib`."""
