/**
 * iPXE scripts and GRUB configurations from typed values. Nothing gets into a script that was not
 * checked for characters which iPXE, the kernel's command line or a shell would take apart.
 *
 * <pre>{@code
 * new BootScript.NodeBoot(kernelUrl, initrdUrl, arguments, retry).render()
 * }</pre>
 */
@NullMarked
package io.mammatus.protocols.boot;

import org.jspecify.annotations.NullMarked;
