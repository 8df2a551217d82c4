package io.mammatus.agent.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes the little of DER (X.690) that a signing request is made of. A library for all of it costs
 * a node more bytes than everything else that the agent is, and half a second at each start.
 */
public final class Der {

  /** ecdsa-with-SHA256 (RFC 5758, section 3.2) as an AlgorithmIdentifier. */
  public static final byte[] ECDSA_WITH_SHA256 =
      sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTC_TIME = 0x17;
  private static final int SEQUENCE = 0x30;
  private static final int CONTEXT = 0xa0;
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  public static byte[] sequence(byte[]... parts) {
    return tagged(SEQUENCE, parts);
  }

  /** An explicitly tagged value, or an implicitly tagged set where there is nothing in it. */
  public static byte[] context(int number, byte[]... parts) {
    return tagged(CONTEXT | number, parts);
  }

  /**
   * @param number not negative
   */
  public static byte[] integer(long number) {
    return tagged(INTEGER, java.math.BigInteger.valueOf(number).toByteArray());
  }

  /** An object identifier, its octets as they stand after the length. */
  public static byte[] oid(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return tagged(OBJECT_IDENTIFIER, bytes);
  }

  /** Whole octets. */
  public static byte[] bitString(byte[] octets) {
    return tagged(BIT_STRING, new byte[] {0}, octets);
  }

  public static byte[] octetString(byte[] octets) {
    return tagged(OCTET_STRING, octets);
  }

  /**
   * @param instant before 2050 (RFC 5280, section 4.1.2.5)
   */
  public static byte[] time(Instant instant) {
    return tagged(UTC_TIME, UTC.format(instant).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = body.size();
    if (length > 0xff) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 0x7f) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }
}
