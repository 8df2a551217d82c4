package io.mammatus.platform.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Values that have a text form: a type with a public static {@code parse(String)} (or {@code
 * parse(CharSequence)}, as java.time has) that returns the type itself. {@code toString()} is taken
 * to be its inverse. A duration is read in the forms of {@link Durations}, too.
 */
public final class ValueTypes {

  private static final ClassValue<Optional<Function<String, Object>>> PARSERS =
      new ClassValue<>() {
        @Override
        protected Optional<Function<String, Object>> computeValue(Class<?> type) {
          return find(type);
        }
      };

  private ValueTypes() {}

  public static boolean isValue(Class<?> type) {
    return PARSERS.get(type).isPresent();
  }

  /**
   * The function from text to value, if {@code type} is a value type.
   *
   * @return a function that throws IllegalArgumentException with a sentence for people
   */
  public static Optional<Function<String, Object>> parser(Class<?> type) {
    return PARSERS.get(type);
  }

  private static Optional<Function<String, Object>> find(Class<?> type) {
    if (type == Duration.class) {
      return Optional.of(Durations::parse);
    }
    boolean wanted =
        type.isRecord() || type.isSealed() || type.getPackageName().equals("java.time");
    for (Method method : wanted ? type.getMethods() : new Method[0]) {
      if (isFactory(method, type)) {
        return Optional.of(text -> call(method, text));
      }
    }
    return Optional.empty();
  }

  private static boolean isFactory(Method method, Class<?> type) {
    return method.getName().equals("parse")
        && Modifier.isStatic(method.getModifiers())
        && method.getDeclaringClass() == type
        && method.getReturnType() == type
        && method.getParameterCount() == 1
        && method.getParameterTypes()[0].isAssignableFrom(String.class);
  }

  private static Object call(Method method, String text) {
    try {
      return method.invoke(null, text);
    } catch (InvocationTargetException e) {
      Throwable why = e.getCause();
      if (why instanceof IllegalArgumentException bad) {
        throw bad;
      }
      throw new IllegalArgumentException(
          why == null || why.getMessage() == null ? "cannot be read: " + text : why.getMessage(),
          why);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " is not accessible", e);
    }
  }
}
