package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Ipv4;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of one message: at most one of each code, in the order they came or were put. A
 * message has a dozen: going through their numbers is quicker than any map.
 */
public final class DhcpOptions {

  public static final DhcpOptions NONE = new DhcpOptions(new byte[0], new DhcpOption[0]);

  private final byte[] codes;
  private final DhcpOption[] options;

  private DhcpOptions(byte[] codes, DhcpOption[] options) {
    this.codes = codes;
    this.options = options;
  }

  /** A later option replaces an earlier one of the same code. */
  public static DhcpOptions of(Collection<? extends DhcpOption> options) {
    byte[] codes = new byte[options.size()];
    DhcpOption[] each = new DhcpOption[codes.length];
    int count = 0;
    for (DhcpOption option : options) {
      byte code = (byte) option.code();
      int at = 0;
      while (at < count && codes[at] != code) {
        at++;
      }
      codes[at] = code;
      each[at] = option;
      count = Math.max(count, at + 1);
    }
    return count == codes.length
        ? new DhcpOptions(codes, each)
        : new DhcpOptions(Arrays.copyOf(codes, count), Arrays.copyOf(each, count));
  }

  public static DhcpOptions of(DhcpOption... options) {
    return of(List.of(options));
  }

  /** All options, in order. */
  public List<DhcpOption> all() {
    return List.of(options);
  }

  public Optional<DhcpOption> get(int code) {
    return Optional.ofNullable(find(code));
  }

  /** The option of that code if it is there and has that shape. */
  public <T extends DhcpOption> Optional<T> get(int code, Class<T> shape) {
    DhcpOption found = find(code);
    return shape.isInstance(found) ? Optional.of(shape.cast(found)) : Optional.empty();
  }

  int size() {
    return options.length;
  }

  DhcpOption at(int index) {
    return options[index];
  }

  @Nullable DhcpOption find(int code) {
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] == (byte) code) {
        return options[i];
      }
    }
    return null;
  }

  public Optional<DhcpMessageType> messageType() {
    return get(OptionCode.MESSAGE_TYPE, DhcpOption.MessageType.class)
        .map(DhcpOption.MessageType::type);
  }

  public Optional<Ipv4> address(int code) {
    return get(code, DhcpOption.Address.class).map(DhcpOption.Address::address);
  }

  public Optional<String> text(int code) {
    return get(code, DhcpOption.Text.class).map(DhcpOption.Text::text);
  }

  /** The codes the client asks for, in its order; empty if it did not say. */
  public List<Integer> parameterList() {
    return get(OptionCode.PARAMETER_LIST, DhcpOption.ParameterList.class)
        .map(DhcpOption.ParameterList::codes)
        .orElse(List.of());
  }

  /** Whatever their order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof DhcpOptions that
        && options.length == that.options.length
        && Arrays.stream(options).allMatch(option -> option.equals(that.find(option.code())));
  }

  @Override
  public int hashCode() {
    return Arrays.stream(options).mapToInt(DhcpOption::hashCode).sum();
  }

  @Override
  public String toString() {
    return Arrays.toString(options);
  }
}
