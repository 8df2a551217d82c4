@org.jspecify.annotations.NullMarked
package io.mammatus.protocols.agent;
