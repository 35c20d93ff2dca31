"""What runs beside a student's code: in the sandbox there is this, and a `rnn_lib`.

`worker` forks for each exercise; `keeper` has its cases; `notebook_code` finds what a
function needs, from `names` and `effects`; `runner` runs it; `barred` filters system
calls; `wire` packs data.
"""
