package io.mammatus.control.api;

/** Ends a request with a problem document. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false); // an answer, not an error: no stack trace
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
