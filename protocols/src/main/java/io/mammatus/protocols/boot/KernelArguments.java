package io.mammatus.protocols.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A kernel command line, built argument by argument.
 *
 * <p>An argument holds letters, digits and {@code . _ - : , / = @ % + ~ [ ]} only. That leaves out
 * white space and control characters (another argument, another script line), quotes (the kernel
 * groups by them), {@code $} (iPXE expands <code>${…}</code>), {@code #}, {@code |}, {@code &} and
 * {@code ;} (iPXE's comments and command separators). It carries no secret: every user of the
 * machine can read it, and so can who listens on the network.
 */
public final class KernelArguments {

  public static final KernelArguments NONE = new KernelArguments(List.of());

  /** As the kernel's x86 limit: COMMAND_LINE_SIZE is 2048, the final NUL included. */
  public static final int MAX_LENGTH = 2047;

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._:,/=@%+~\\[\\]-]*");
  private static final Pattern ARGUMENT =
      Pattern.compile("[A-Za-z0-9-][A-Za-z0-9._:,/=@%+~\\[\\]-]*");

  private final List<String> arguments;

  private KernelArguments(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /**
   * Takes a whole line apart at white space.
   *
   * @throws IllegalArgumentException if an argument holds a character that is not allowed
   */
  public static KernelArguments parse(String line) {
    List<String> arguments = new ArrayList<>();
    for (String argument : line.strip().split("\\s+", -1)) {
      if (!argument.isEmpty()) {
        check(ARGUMENT, argument);
        arguments.add(argument);
      }
    }
    return new KernelArguments(arguments).checked();
  }

  /**
   * Adds {@code key}, alone.
   *
   * @throws IllegalArgumentException if it holds a character that is not allowed
   */
  public KernelArguments flag(String key) {
    check(KEY, key);
    return plus(key);
  }

  /**
   * Adds {@code key=value}.
   *
   * @throws IllegalArgumentException if either holds a character that is not allowed
   */
  public KernelArguments with(String key, String value) {
    check(KEY, key);
    check(VALUE, value);
    return plus(key + "=" + value);
  }

  /** Whether {@code key}, with or without a value, is there. */
  public boolean has(String key) {
    return arguments.stream().anyMatch(a -> a.equals(key) || a.startsWith(key + "="));
  }

  /**
   * Adds all of another line.
   *
   * @throws IllegalArgumentException if the line gets too long
   */
  public KernelArguments plus(KernelArguments other) {
    List<String> more = new ArrayList<>(arguments);
    more.addAll(other.arguments);
    return new KernelArguments(more).checked();
  }

  private KernelArguments plus(String argument) {
    List<String> more = new ArrayList<>(arguments);
    more.add(argument);
    return new KernelArguments(more).checked();
  }

  private KernelArguments checked() {
    if (toString().length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the kernel takes a command line of " + MAX_LENGTH + " characters at most");
    }
    return this;
  }

  /** The arguments, one by one. */
  public List<String> words() {
    return arguments;
  }

  private static void check(Pattern allowed, String text) {
    if (!allowed.matcher(text).matches()) {
      throw new IllegalArgumentException("not allowed in a kernel argument: " + visible(text));
    }
  }

  private static String visible(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** The command line. */
  @Override
  public String toString() {
    return String.join(" ", arguments);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KernelArguments that && arguments.equals(that.arguments);
  }

  @Override
  public int hashCode() {
    return arguments.hashCode();
  }
}
