package io.mammatus.protocols.agent;

import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.NodeStatus.Capacity;
import org.jspecify.annotations.Nullable;

/** The operations, and the bodies of their requests and answers. */
public final class AgentMessages {

  /** Agent to control plane, without a certificate: {@link AdmitRequest} → {@link AdmitReply}. */
  public static final String ADMIT = "admit";

  /**
   * Control plane to an agent that asked for admission and waits: nothing → nothing. Its key was
   * accepted; it may ask again at once. Only a hint: an agent that missed it asks by itself.
   */
  public static final String ACCEPTED = "accepted";

  /** Agent to control plane, first thing: {@link Hello} → {@link Welcome}. */
  public static final String HELLO = "hello";

  /** Agent to control plane: {@link InventoryReport} → nothing. */
  public static final String INVENTORY = "inventory";

  /** Agent to control plane: {@code NodeObserved} → nothing. */
  public static final String OBSERVED = "observed";

  /** Control plane to agent: {@code NodeDesired} → nothing. */
  public static final String DESIRED = "desired";

  /** Either way: nothing → nothing. */
  public static final String PING = "ping";

  private AgentMessages() {}

  /**
   * Let me in.
   *
   * @param bootMac the card that it booted from
   * @param csr PKCS #10 request (RFC 2986), PEM; its signature proves that the key is there
   */
  public record AdmitRequest(Mac bootMac, String csr) {}

  /**
   * The answer.
   *
   * @param certificate PEM; absent while nobody has accepted the key
   * @param name the node's name, with the certificate
   */
  public record AdmitReply(@Nullable String certificate, @Nullable String name) {}

  /**
   * A node that has a certificate.
   *
   * @param bootId the kernel's, new at each start
   */
  public record Hello(String bootId, String version) {}

  /**
   * The answer.
   *
   * @param epochMillis the control plane's clock
   * @param blobs where files are served by digest, such as {@code
   *     http://10.88.0.1:8080/blobs/sha256/}
   */
  public record Welcome(String name, long epochMillis, String blobs) {}

  /** The node's hardware. */
  public record InventoryReport(Inventory inventory, Capacity capacity) {}
}
