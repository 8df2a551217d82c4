package io.mammatus.control.api;

/** The API's log. */
final class Log {

  private static final System.Logger LOG = System.getLogger("io.mammatus.control.api");

  private Log() {}

  static void debug(String message, Throwable cause) {
    LOG.log(System.Logger.Level.DEBUG, message, cause);
  }

  static void error(String message, Throwable cause) {
    LOG.log(System.Logger.Level.ERROR, message, cause);
  }
}
