package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Ipv4;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of one message: at most one of each code, in the order they came or were put. */
public final class DhcpOptions {

  public static final DhcpOptions NONE = new DhcpOptions(new LinkedHashMap<>());

  private final Map<Integer, DhcpOption> byCode;

  private DhcpOptions(Map<Integer, DhcpOption> byCode) {
    this.byCode = byCode;
  }

  /** A later option replaces an earlier one of the same code. */
  public static DhcpOptions of(Collection<? extends DhcpOption> options) {
    Map<Integer, DhcpOption> byCode = new LinkedHashMap<>();
    for (DhcpOption option : options) {
      byCode.put(option.code(), option);
    }
    return new DhcpOptions(byCode);
  }

  public static DhcpOptions of(DhcpOption... options) {
    return of(List.of(options));
  }

  /** All options, in order. */
  public Collection<DhcpOption> all() {
    return Collections.unmodifiableCollection(byCode.values());
  }

  public Optional<DhcpOption> get(int code) {
    return Optional.ofNullable(byCode.get(code));
  }

  /** The option of that code if it is there and has that shape. */
  public <T extends DhcpOption> Optional<T> get(int code, Class<T> shape) {
    return get(code).filter(shape::isInstance).map(shape::cast);
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

  @Override
  public boolean equals(Object other) {
    return other instanceof DhcpOptions options && byCode.equals(options.byCode);
  }

  @Override
  public int hashCode() {
    return byCode.hashCode();
  }

  @Override
  public String toString() {
    return byCode.values().toString();
  }
}
