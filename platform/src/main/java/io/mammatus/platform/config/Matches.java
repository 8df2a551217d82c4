package io.mammatus.platform.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the text of a key, or each text of its list, is written. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Matches {

  /** A regular expression for the whole text. */
  String value();

  /** What it is, for people: {@code an interface name}. */
  String noun();
}
