package io.mammatus.platform.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Of two keys of a section the file sets exactly one. Told by the file itself, so that it is told
 * also when other values of the section are wrong.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OneOf {
  String[] value();

  /** A sentence that says what to do. */
  String message();
}
