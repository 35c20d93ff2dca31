"""What an instructor runs: release a chapter to students, grade what comes back.

    python -m grading release chapters/01_one_hot.ipynb
    python -m grading grade SUBMISSIONS chapters/01_one_hot.ipynb

Who runs where:

- `worker` and `wire` are the only modules that meet a student's code. They are copied
  into the sandbox, and import neither the exercises nor the rest of this package.
- `sandbox` starts a worker and talks to it; everything the worker says passes `wire`,
  which accepts plain data and nothing else.
- Everything else runs with the instructor's rights and sees a submission as text.
"""
