package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.pxe.tftp.SendState.Action;
import io.mammatus.pxe.tftp.SendState.Step;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SendStateTest {

  private static final int MTU = 1500;

  @Test
  void withoutOptionsDataComesAtOnce() {
    Step step = SendState.begin(1000, TransferOptions.negotiate(Map.of(), 1000, MTU));
    assertThat(step.action()).isEqualTo(new Action.SendBlocks(1, 1));
    step = step.next().acknowledged(1, false);
    assertThat(step.action()).isEqualTo(new Action.SendBlocks(2, 2));
    assertThat(step.next().acknowledged(2, false).action()).isEqualTo(new Action.Finished());
  }

  /** RFC 1350, section 6: a file that fills its last block ends in an empty one. */
  @Test
  void fullLastBlockIsFollowedByAnEmptyOne() {
    assertThat(
            SendState.begin(1024, TransferOptions.negotiate(Map.of(), 1024, MTU))
                .next()
                .lastBlock())
        .isEqualTo(3);
    assertThat(SendState.begin(0, TransferOptions.negotiate(Map.of(), 0, MTU)).next().lastBlock())
        .isEqualTo(1);
  }

  @Test
  void optionsAreAcknowledgedFirst() {
    Step step = begin(5000, Map.of("blksize", "1000"));
    assertThat(step.action()).isEqualTo(new Action.SendOack());
    assertThat(step.next().acknowledged(7, false).action()).isEqualTo(new Action.Wait());
    assertThat(step.next().timedOut(RoundTrip.MAX_ATTEMPTS).action())
        .isEqualTo(new Action.SendOack());
    assertThat(step.next().acknowledged(0, false).action()).isEqualTo(new Action.SendBlocks(1, 1));
  }

  /** RFC 1123, section 4.2.3.1: an acknowledgement that comes twice is answered once. */
  @Test
  void noSorcerersApprentice() {
    SendState state = SendState.begin(5000, TransferOptions.negotiate(Map.of(), 5000, MTU)).next();
    Step step = state.acknowledged(1, false);
    assertThat(step.action()).isEqualTo(new Action.SendBlocks(2, 2));
    assertThat(step.next().acknowledged(1, false).action()).isEqualTo(new Action.Wait());
    assertThat(step.next().acknowledged(0, false).action()).isEqualTo(new Action.Wait());
    assertThat(step.next().acknowledged(9, false).action()).isEqualTo(new Action.Wait());
  }

  /** RFC 7440, section 4: an acknowledgement inside the window says where to go on. */
  @Test
  void windowGoesBackToWhatIsMissing() {
    Step step = begin(100_000, Map.of("windowsize", "8")).next().acknowledged(0, false);
    assertThat(step.action()).isEqualTo(new Action.SendBlocks(1, 8));
    Step inside = step.next().acknowledged(3, false);
    assertThat(inside.action()).isEqualTo(new Action.SendBlocks(4, 11));
    Step firstLost = inside.next().acknowledged(3, false);
    assertThat(firstLost.action()).isEqualTo(new Action.SendBlocks(4, 11));
    assertThat(firstLost.next().acknowledged(3, false).action()).isEqualTo(new Action.Wait());
    assertThat(firstLost.next().acknowledged(11, false).action())
        .isEqualTo(new Action.SendBlocks(12, 19));
  }

  @Test
  void blockNumbersRollOver() {
    SendState state = begin(512L * 70_000, Map.of("windowsize", "4")).next();
    Step step = state.acknowledged(0, false);
    for (long block = 4; block < 70_000; block += 4) {
      assertThat(step.action()).isEqualTo(new Action.SendBlocks(block - 3, block));
      step = step.next().acknowledged((int) (block & 0xffff), false);
    }
    step = step.next().acknowledged(70_000 & 0xffff, false);
    assertThat(step.next().acknowledged(70_001 & 0xffff, false).action())
        .isEqualTo(new Action.Finished());
  }

  @Test
  void silenceIsGivenUpOn() {
    Step step = SendState.begin(100, TransferOptions.negotiate(Map.of(), 100, MTU));
    for (int i = 1; i < RoundTrip.MAX_ATTEMPTS; i++) {
      step = step.next().timedOut(RoundTrip.MAX_ATTEMPTS);
      assertThat(step.action()).isEqualTo(new Action.SendBlocks(1, 1));
    }
    assertThat(step.next().timedOut(RoundTrip.MAX_ATTEMPTS).action())
        .isEqualTo(new Action.GiveUp());
  }

  @Test
  void optionsHaveLimits() {
    TransferOptions options =
        TransferOptions.negotiate(
            Map.of(
                "blksize",
                "65464",
                "windowsize",
                "65535",
                "timeout",
                "0",
                "tsize",
                "0",
                "unknown",
                "1"),
            77,
            MTU);
    assertThat(options.acknowledged())
        .isEqualTo(Map.of("blksize", "1468", "windowsize", "64", "tsize", "77"));
    assertThat(TransferOptions.negotiate(Map.of("blksize", "7", "windowsize", "x"), 1, MTU))
        .isEqualTo(TransferOptions.negotiate(Map.of(), 1, MTU));
  }

  /** RFC 2348: a block is one packet; with jumbo frames it may be a longer one. */
  @Test
  void aBlockFitsIntoThePacketsOfTheInterface() {
    Map<String, String> wanted = Map.of("blksize", "65464", "windowsize", "64");
    TransferOptions jumbo = TransferOptions.negotiate(wanted, 1, 9000);
    assertThat(jumbo.blockSize()).isEqualTo(8968);
    assertThat(jumbo.windowSize() * jumbo.blockSize())
        .isLessThanOrEqualTo(TransferOptions.MAX_WINDOW_OCTETS);
    assertThat(TransferOptions.negotiate(wanted, 1, 65535).blockSize()).isEqualTo(65464);
    assertThat(TransferOptions.negotiate(wanted, 1, 300).blockSize()).isEqualTo(512);
    assertThat(TransferOptions.negotiate(Map.of("blksize", "1024"), 1, MTU).blockSize())
        .isEqualTo(1024);
  }

  /** RFC 2349: the server takes the client's time or does not mention it. */
  @Test
  void aTimeoutIsTakenAsItIsOrNotAtAll() {
    assertThat(TransferOptions.negotiate(Map.of("timeout", "3"), 1, MTU).acknowledged())
        .isEqualTo(Map.of("timeout", "3"));
    assertThat(TransferOptions.negotiate(Map.of("timeout", "255"), 1, MTU).acknowledged())
        .isEmpty();
  }

  /** What EDK II says for each block behind a gap, about blocks of the window before. */
  @Test
  void whatWasUnderWayWhenTheWindowWentBackIsNotAnswered() {
    Step step = begin(100_000, Map.of("windowsize", "8")).next().acknowledged(0, false);
    Step gap = step.next().acknowledged(3, false);
    assertThat(gap.action()).isEqualTo(new Action.SendBlocks(4, 11));
    for (int i = 0; i < 4; i++) {
      assertThat(gap.next().acknowledged(3, true))
          .isEqualTo(new Step(gap.next(), new Action.Wait()));
    }
    assertThat(gap.next().acknowledged(3, false).action()).isEqualTo(new Action.SendBlocks(4, 11));
  }

  @Test
  void anAcknowledgementOfWhatWasNotSentIsNoneFromBefore() {
    SendState first = begin(100_000, Map.of("windowsize", "8")).next();
    assertThat(first.fault(7)).contains(BadPacket.ACK_BEFORE_OPTIONS);
    SendState state = first.acknowledged(0, false).next().acknowledged(8, false).next();
    assertThat(state.fault(17)).contains(BadPacket.ACK_AHEAD);
    assertThat(state.fault(4000)).contains(BadPacket.ACK_AHEAD);
    for (int block : new int[] {0, 5, 8, 16}) {
      assertThat(state.fault(block)).isEmpty();
    }
  }

  private static Step begin(long size, Map<String, String> options) {
    return SendState.begin(size, TransferOptions.negotiate(options, size, MTU));
  }
}
