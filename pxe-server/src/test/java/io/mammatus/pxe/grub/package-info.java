@org.jspecify.annotations.NullMarked
package io.mammatus.pxe.grub;
