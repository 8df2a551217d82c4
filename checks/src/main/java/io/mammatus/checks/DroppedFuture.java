package io.mammatus.checks;

import static com.google.errorprone.BugPattern.SeverityLevel.ERROR;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.bugpatterns.BugChecker.ExpressionStatementTreeMatcher;
import com.google.errorprone.bugpatterns.BugChecker.LambdaExpressionTreeMatcher;
import com.google.errorprone.bugpatterns.BugChecker.MemberReferenceTreeMatcher;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Type;
import java.util.Set;

/**
 * A Vert.x {@code Future} that nobody looks at hides its failure.
 *
 * <p>Reported: a call whose result is a {@code Future} used as a statement, or as the body of a
 * lambda that returns nothing, and a reference to such a method where nothing is returned. Not
 * reported: a call on the end of which, before any step that makes another future of it, there is
 * {@code onFailure} or {@code onComplete}, because there somebody looked.
 */
@BugPattern(
    name = "DroppedFuture",
    summary =
        "The result of this call is a Future that nobody looks at: return it, compose it, or end it in onFailure",
    severity = ERROR)
public final class DroppedFuture extends BugChecker
    implements ExpressionStatementTreeMatcher,
        LambdaExpressionTreeMatcher,
        MemberReferenceTreeMatcher {

  private static final long serialVersionUID = 1L;
  private static final Set<String> HANDLES_FAILURE = Set.of("onFailure", "onComplete");

  /** Returns the future that it was called on. */
  private static final String PASSES_ON = "onSuccess";

  @Override
  public Description matchExpressionStatement(ExpressionStatementTree tree, VisitorState state) {
    return dropped(tree.getExpression(), state) ? describeMatch(tree) : Description.NO_MATCH;
  }

  @Override
  public Description matchLambdaExpression(LambdaExpressionTree tree, VisitorState state) {
    if (!(tree.getBody() instanceof ExpressionTree body)) {
      return Description.NO_MATCH;
    }
    Type function = ASTHelpers.getType(tree);
    if (function == null || !returnsNothing(function, state)) {
      return Description.NO_MATCH;
    }
    return dropped(body, state) ? describeMatch(body) : Description.NO_MATCH;
  }

  @Override
  public Description matchMemberReference(MemberReferenceTree tree, VisitorState state) {
    Type function = ASTHelpers.getType(tree);
    if (function == null || !returnsNothing(function, state)) {
      return Description.NO_MATCH;
    }
    MethodSymbol method = ASTHelpers.getSymbol(tree);
    return isFuture(method.getReturnType(), state) && !HANDLES_FAILURE.contains(name(method))
        ? describeMatch(tree)
        : Description.NO_MATCH;
  }

  private static boolean returnsNothing(Type function, VisitorState state) {
    Type descriptor = state.getTypes().findDescriptorType(function);
    return descriptor.getReturnType().getKind() == javax.lang.model.type.TypeKind.VOID;
  }

  private static boolean dropped(ExpressionTree expression, VisitorState state) {
    return expression instanceof MethodInvocationTree call
        && isFuture(ASTHelpers.getResultType(call), state)
        && !isLookedAt(call);
  }

  private static boolean isLookedAt(MethodInvocationTree call) {
    String name = name(ASTHelpers.getSymbol(call));
    return HANDLES_FAILURE.contains(name)
        || (name.equals(PASSES_ON)
            && ASTHelpers.getReceiver(call) instanceof MethodInvocationTree before
            && isLookedAt(before));
  }

  private static boolean isFuture(Type type, VisitorState state) {
    Type future = state.getTypeFromString("io.vertx.core.Future");
    return future != null && type != null && ASTHelpers.isSubtype(type, future, state);
  }

  private static String name(MethodSymbol method) {
    return method.getSimpleName().toString();
  }
}
