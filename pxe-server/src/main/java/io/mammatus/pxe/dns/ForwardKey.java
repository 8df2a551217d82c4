package io.mammatus.pxe.dns;

import org.xbill.DNS.Name;

/**
 * What makes two questions the same for a forwarder: the name without regard to case, and whether
 * signatures or unchecked data are asked for.
 */
record ForwardKey(Name name, int type, int dclass, boolean dnssecOk, boolean checkingDisabled) {}
