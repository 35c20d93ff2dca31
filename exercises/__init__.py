"""The exercises: their checks, what students get, and how it is graded.

    from exercises import checks

    python -m exercises release chapters/01_one_hot.ipynb
    python -m exercises grade SUBMISSIONS chapters/01_one_hot.ipynb

- `checks` knows the answers, right and wrong.
- `box` runs a function on cases and writes down what happened. In the sandbox, a
  student's code meets this folder and `rnn_lib` without what answers the exercise.
- `handout` makes what students get.
- `grading` starts a worker in the sandbox; everything the worker says passes
  `box.wire`, which accepts plain data and nothing else. The rest runs with the
  instructor's rights and sees a submission as text.
"""
