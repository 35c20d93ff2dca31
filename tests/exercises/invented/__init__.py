"""Wrong answers, invented from question and stub alone."""


def collector():
    """Return a list, and a decorator that adds a wrong answer to it."""
    answers = []

    def wrong(exercise, what):
        def add(function):
            answers.append((exercise, what, function))
            return function

        return add

    return answers, wrong
