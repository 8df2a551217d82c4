package io.mammatus.platform.bus;

import static io.mammatus.platform.bus.FrameFixture.SHORT;
import static io.mammatus.platform.bus.FrameFixture.never;
import static io.mammatus.platform.bus.FrameFixture.result;
import static io.mammatus.platform.bus.FrameFixture.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.bus.FrameFixture.End;
import io.mammatus.protocols.agent.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both ends as they should be, over real sockets and TLS: what comes of what is asked. */
class FrameConnectionTest {

  @RegisterExtension static final FrameFixture wire = new FrameFixture();

  @Test
  void bothEndsAskAndAnswer() {
    wire.serverAnswers =
        (op, body) -> Future.succeededFuture(new Reply.Ok((op + "!").getBytes(UTF_8)));
    End there = wire.dial((op, body) -> Future.succeededFuture(new Reply.Ok(body)), Limits.MEMBER);
    assertThat(text(there.ask("hello", ""))).isEqualTo("hello!");
    assertThat(text(wire.served().ask("desired", "all of it"))).isEqualTo("all of it");
  }

  @Test
  void aFailureIsAValue() {
    wire.serverAnswers =
        (op, body) ->
            switch (op) {
              case "refused" ->
                  Future.succeededFuture(new Reply.Failed("forbidden", "no", "operator"));
              case "broken" -> Future.failedFuture("broken");
              default -> throw new IllegalStateException("thrown");
            };
    End there = wire.dial((op, body) -> never(), Limits.MEMBER);
    assertThat(there.ask("refused", "")).isEqualTo(new Reply.Failed("forbidden", "no", "operator"));
    assertThat(text(there.ask("broken", ""))).isEqualTo("failed internal");
    assertThat(text(there.ask("thrown", ""))).isEqualTo("failed internal");
  }

  @Test
  void whatFitsIntoNoFrameIsAFailureOnEitherSide() {
    wire.serverAnswers =
        (op, body) -> Future.succeededFuture(new Reply.Ok(new byte[FrameCodec.MAX_FRAME_BYTES]));
    End there = wire.dial((op, body) -> never(), Limits.MEMBER);
    assertThat(text(there.ask("big", ""))).isEqualTo("failed too-long");
    assertThat(text(there.ask("big", "x".repeat(FrameCodec.MAX_FRAME_BYTES))))
        .isEqualTo("failed too-long");
    wire.serverAnswers = (op, body) -> Future.succeededFuture(Reply.ok());
    assertThat(text(there.ask("still-there", ""))).isEmpty();
  }

  /** The peer answers pings, so that the connection stays; only the one answer is missing. */
  @Test
  void anAnswerThatDoesNotComeIsATimeout() {
    wire.serverAnswers =
        (op, body) -> op.equals("slow") ? never() : Future.succeededFuture(Reply.ok());
    End there = wire.dial((op, body) -> never(), SHORT);
    assertThat(text(there.ask("slow", ""))).isEqualTo("failed timeout");
    assertThat(text(there.ask("quick", ""))).isEmpty();
  }

  @Test
  void beyondItsLimitTheAskerIsBusyAtOnce() {
    wire.serverAnswers = (op, body) -> never();
    End there = wire.dial((op, body) -> never(), Limits.MEMBER);
    there.run(() -> {
      for (int i = 0; i < Limits.MEMBER.pending(); i++) {
        there.connection().request("wait", new byte[0]).onFailure(e -> there.over().tryFail(e));
      }
    });
    assertThat(text(there.ask("one-more", ""))).isEqualTo("failed busy");
  }

  @Test
  void requestsThatWaitAreAnsweredWhenTheConnectionDies() {
    wire.serverAnswers = (op, body) -> never();
    End there = wire.dial((op, body) -> never(), Limits.MEMBER);
    List<Future<Reply>> asked = new ArrayList<>();
    there.run(() -> {
      asked.add(there.connection().request("one", new byte[0]));
      asked.add(there.connection().request("two", new byte[0]));
    });
    End here = wire.served();
    here.run(() -> here.connection().close("enough"));
    assertThat(text(result(asked.get(0)))).isEqualTo("failed closed");
    assertThat(text(result(asked.get(1)))).isEqualTo("failed closed");
    assertThat(here.whyOver()).isEqualTo("enough");
    assertThat(text(there.ask("three", ""))).isEqualTo("failed closed");
  }

  @Test
  void anAnswerAfterTheEndIsDropped() {
    Promise<Reply> late = Promise.promise();
    Promise<Boolean> asked = Promise.promise();
    wire.serverAnswers =
        (op, body) -> {
          asked.complete(true);
          return late.future();
        };
    End there = wire.dial((op, body) -> never(), Limits.MEMBER);
    Future<Reply> waiting =
        there.get(() -> {
          Future<Reply> reply = there.connection().request("slow", new byte[0]);
          return Future.succeededFuture(reply);
        });
    result(asked.future());
    there.run(() -> there.connection().close("cannot wait"));
    End here = wire.served();
    assertThat(here.whyOver()).isEqualTo("the peer closed the connection");
    here.run(() -> late.complete(Reply.ok()));
    assertThat(text(result(waiting))).isEqualTo("failed closed");
  }

  @Test
  void theFirstReasonIsTheOneThatIsTold() {
    End there = wire.dial((op, body) -> never(), Limits.MEMBER);
    there.run(() -> {
      there.connection().close("first");
      there.connection().close("second");
    });
    assertThat(there.whyOver()).isEqualTo("first");
    Promise<String> late = Promise.promise();
    there.run(() -> there.connection().onClose(late::complete));
    assertThat(result(late.future())).isEqualTo("first");
  }
}
