@org.jspecify.annotations.NullMarked
package io.mammatus.protocols.dhcp4;
