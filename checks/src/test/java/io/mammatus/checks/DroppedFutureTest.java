package io.mammatus.checks;

import com.google.errorprone.CompilationTestHelper;
import org.junit.jupiter.api.Test;

/** Compiles small sources with the check; a comment names each line that must be reported. */
class DroppedFutureTest {

  private static void compile(String... body) {
    String source =
        """
        import io.vertx.core.*;
        import java.util.function.*;
        abstract class Subject {
          abstract Future<String> call();
          abstract Future<Void> call(String text);
          abstract <T> T generic(T value);
          void need(Runnable r) {}
          <T> void give(Consumer<T> c) {}
          <T> void ask(Supplier<T> s) {}
        %s
        }
        """
            .formatted(String.join("\n", body));
    CompilationTestHelper.newInstance(DroppedFuture.class, DroppedFutureTest.class)
        .addSourceLines("Subject.java", source.split("\n", -1))
        .doTest();
  }

  @Test
  void aStatementIsReported() {
    compile(
        "void f() {",
        "// BUG: Diagnostic contains: DroppedFuture",
        "call();",
        "// BUG: Diagnostic contains: DroppedFuture",
        "call().map(s -> s);",
        "// BUG: Diagnostic contains: DroppedFuture",
        "generic(call());",
        "}");
  }

  @Test
  void onSuccessAloneIsReported() {
    compile(
        "void f() {",
        "// BUG: Diagnostic contains: DroppedFuture",
        "call().onSuccess(s -> {});",
        "// BUG: Diagnostic contains: DroppedFuture",
        "call().onFailure(e -> {}).map(s -> 1).onSuccess(n -> {});",
        "}");
  }

  @Test
  void aLambdaThatReturnsNothingIsReported() {
    compile(
        "void f() {",
        "// BUG: Diagnostic contains: DroppedFuture",
        "need(() -> call());",
        "// BUG: Diagnostic contains: DroppedFuture",
        "Handler<String> h = s -> call(s);",
        "need(() -> {",
        "// BUG: Diagnostic contains: DroppedFuture",
        "call();",
        "});",
        "}");
  }

  @Test
  void aMethodReferenceThatReturnsNothingIsReported() {
    compile(
        "void f() {",
        "// BUG: Diagnostic contains: DroppedFuture",
        "need(this::call);",
        "// BUG: Diagnostic contains: DroppedFuture",
        "Handler<String> h = this::call;",
        "// BUG: Diagnostic contains: DroppedFuture",
        "this.<Subject>give(Subject::call);",
        "}");
  }

  @Test
  void anArmOfASwitchStatementIsReported() {
    compile(
        "void f(int n) {",
        "switch (n) {",
        "// BUG: Diagnostic contains: DroppedFuture",
        "case 1 -> call();",
        "default -> {}",
        "}",
        "for (int i = 0; i < n;",
        "// BUG: Diagnostic contains: DroppedFuture",
        "call()) { i++; }",
        "}");
  }

  @Test
  void whatIsReturnedComposedKeptOrPassedOnIsNot() {
    compile(
        "Future<?> f() {",
        "Future<String> kept = call();",
        "ask(() -> call());",
        "ask(this::call);",
        "generic(kept).onFailure(e -> {});",
        "return kept.compose(s -> call(s)).compose(v -> call());",
        "}");
  }

  @Test
  void whatEndsWhereSomebodyLooksIsNot() {
    compile(
        "void f(Promise<String> p) {",
        "call().onFailure(e -> {});",
        "call().onComplete(done -> {});",
        "call().onComplete(s -> {}, e -> {});",
        "call().onComplete(p);",
        "call().onSuccess(s -> {}).onFailure(e -> {});",
        "call().onFailure(e -> {}).onSuccess(s -> {});",
        "need(() -> call().onFailure(e -> {}));",
        "}");
  }

  @Test
  void whatIsNoFutureIsNot() {
    compile("void f() {", "generic(1);", "need(() -> generic(2));", "need(this::f);", "}");
  }
}
