@org.jspecify.annotations.NullMarked
package io.mammatus.protocols.ndp;
