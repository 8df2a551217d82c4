package io.mammatus.protocols.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Whatever text gets into a script's values: either it is refused, or it stands in the script as
 * one word that neither iPXE nor GRUB nor a shell would take apart, and everything around it stays.
 */
class HostileValuesTest {

  private static final long SEED = 20261120;
  private static final int ROUNDS = 20_000;
  private static final Ipv4 SERVER = Ipv4.parse("10.88.0.1");
  private static final BootScript.Retry RETRY =
      new BootScript.Retry(5, new BootUrl(SERVER, 8069, "/v1/boot/52-54-00-12-34-56"));
  private static final List<String> PIECES =
      List.of(
          "${net0/mac}",
          "$(reboot)",
          "`id`",
          "'",
          "\"",
          "\\",
          "\n",
          "\r",
          "\t",
          " ",
          "\0",
          "||",
          "&&",
          ";",
          "#",
          "|",
          "&",
          "<",
          ">",
          "(",
          ")",
          "{",
          "}",
          "*",
          "?",
          "!",
          "é",
          "\u2028",
          "..",
          "/",
          "shell",
          "init=/bin/sh",
          "a",
          "Z9",
          "-",
          "_",
          ".",
          ":",
          ",",
          "=",
          "@",
          "%",
          "+",
          "~",
          "[",
          "]");

  @Test
  void aKernelArgument() {
    check(text -> script("/images/node/1/vmlinuz", KernelArguments.NONE.with("key", text)));
    check(
        HostileValuesTest::oneWord,
        text -> script("/images/node/1/vmlinuz", KernelArguments.parse(text)));
  }

  @Test
  void aPath() {
    check(text -> script("/images/node/" + text, KernelArguments.NONE));
  }

  /** Words that are shown: here blanks are allowed, and nothing else that a command could begin. */
  @Test
  void aReason() {
    check(HostileValuesTest::oneWord, text -> new BootScript.RetryWait("no " + text, RETRY));
  }

  @Test
  void aFolderOfGrubs() {
    Random random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      String text = text(random);
      try {
        assertThat(GrubConfig.first("/grub/" + text)).contains("/grub/" + text + "/$");
        assertThat(text).matches("[A-Za-z0-9/_-]+");
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageStartingWith("not a plain folder");
      }
    }
  }

  private static String oneWord(String text) {
    return "a" + text.replaceAll("[\\s\u2028]", "");
  }

  private static void check(Function<String, BootScript> with) {
    check(UnaryOperator.identity(), with);
  }

  private static void check(UnaryOperator<String> prepare, Function<String, BootScript> with) {
    Random random = new Random(SEED);
    int taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String text = prepare.apply(text(random));
      BootScript script;
      try {
        script = with.apply(text);
      } catch (IllegalArgumentException refused) {
        continue;
      }
      taken++;
      assertThat(text).as("seed %d, round %d", SEED, i).matches("[A-Za-z0-9._:,/=@%+~\\[\\]-]*");
      BootScript harmless = with.apply("x");
      assertThat(commands(script.render())).isEqualTo(commands(harmless.render()));
      assertThat(commands(GrubConfig.render(script)))
          .isEqualTo(commands(GrubConfig.render(harmless)));
    }
    assertThat(taken).as("some are harmless").isPositive();
  }

  /** Each line's first word, which is the command, and how many words it has. */
  private static List<String> commands(String script) {
    return script
        .lines()
        .map(line -> line.strip().split(" ", -1))
        .map(words -> words[0] + " " + words.length)
        .toList();
  }

  private static BootScript script(String kernel, KernelArguments arguments) {
    return new BootScript.NodeBoot(
        new BootUrl(SERVER, 8069, kernel),
        new BootUrl(SERVER, 8069, "/images/node/1/initrd.img"),
        arguments,
        RETRY);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }
}
