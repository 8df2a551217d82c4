package io.mammatus.pxe.httpboot;

import io.mammatus.protocols.boot.KernelArguments;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One version of the image that nodes run: never changed once it is there.
 *
 * @param version letters, digits, dots, hyphens and underscores; part of its files' URLs
 * @param kernelArguments what this image's kernel and initramfs want, whatever the machine
 * @param folder holds the files
 * @param files by name; {@link #KERNEL}, {@link #INITRD} and {@link #ROOT} are always there
 */
public record NodeImage(
    String version, KernelArguments kernelArguments, Path folder, Map<String, ImageFile> files) {

  public static final String KERNEL = "vmlinuz";
  public static final String INITRD = "initrd.img";
  public static final String ROOT = "root.squashfs";

  /**
   * A file of an image.
   *
   * @param sha256 lower-case hexadecimal
   * @param bytes its length
   */
  public record ImageFile(String sha256, long bytes) {}

  public NodeImage {
    files = Map.copyOf(files);
  }

  public Optional<ImageFile> file(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** Where the boot server has a file of it. */
  public String path(String name) {
    return "/images/node/" + version + "/" + name;
  }
}
