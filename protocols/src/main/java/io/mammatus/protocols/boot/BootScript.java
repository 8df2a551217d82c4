package io.mammatus.protocols.boot;

/** What a boot loader is told to do next: iPXE by {@link #render}, GRUB by {@link GrubConfig}. */
public sealed interface BootScript {

  /** The script for an iPXE, lines ended by newlines. */
  String render();

  /** When and where a machine asks again after a failure. */
  record Retry(int seconds, BootUrl script) {
    public Retry {
      if (seconds < 1 || seconds > 3600) {
        throw new IllegalArgumentException("wait 1 to 3600 seconds, not " + seconds);
      }
    }

    /**
     * Sleeps and asks again, for ever: a machine that waits for its server needs nobody to come by.
     * {@code --replace} ends the script that chains, else each round would keep the one before.
     */
    private String lines() {
      return """
      :again
      sleep %d
      chain --replace --autofree %s || goto again
      """
          .formatted(seconds, script);
    }
  }

  /**
   * Loads a kernel and its initial RAM disk over HTTP and starts them; asks for its script again if
   * that fails.
   */
  record NodeBoot(BootUrl kernel, BootUrl initrd, KernelArguments arguments, Retry retry)
      implements BootScript {

    /**
     * {@code initrd=initrd.img} is for UEFI, where the kernel's own stub asks the boot loader for
     * the file of that name; BIOS kernels ignore it. {@code imgfree} drops what an earlier, failed
     * round left.
     */
    @Override
    public String render() {
      return """
      #!ipxe
      imgfree
      kernel --name vmlinuz %s initrd=initrd.img %s || goto failed
      initrd --name initrd.img %s || goto failed
      boot || goto failed
      :failed
      echo Mammatus: could not load the node image; asking again
      %s\
      """
          .formatted(kernel, arguments, initrd, retry.lines());
    }
  }

  /** Boots what is on the machine's own disk. */
  record LocalDisk() implements BootScript {

    /**
     * BIOS: starting the first disk at once avoids firmware that, on exit, tries the network again
     * and so goes round for ever. UEFI: a boot option that ends well ends the boot order too and
     * leaves the machine in a menu (UEFI 2.10, section 3.1.1), so it has to fail for the firmware
     * to go on to the disk.
     */
    @Override
    public String render() {
      return """
      #!ipxe
      echo Mammatus: booting from the local disk
      iseq ${platform} efi && goto efi ||
      sanboot --no-describe --drive 0x80 || exit 0
      :efi
      exit 1
      """;
    }
  }

  /** Waits, says why, and asks again. */
  record RetryWait(String reason, Retry retry) implements BootScript {

    public RetryWait {
      if (reason.length() > 120 || !reason.matches("[A-Za-z0-9 .,:-]*")) {
        throw new IllegalArgumentException("a reason is plain words");
      }
    }

    @Override
    public String render() {
      return """
      #!ipxe
      echo Mammatus: %s
      %s\
      """
          .formatted(reason, retry.lines());
    }
  }
}
