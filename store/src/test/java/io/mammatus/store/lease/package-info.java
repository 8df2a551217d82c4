@org.jspecify.annotations.NullMarked
package io.mammatus.store.lease;
