package dev.usher.testing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class real, running stores: {@link TestStores} as a parameter of its constructor or
 * methods. One Postgres and one Redis serve all classes of the JVM, one class at a time; each class
 * gets a database of its own, copied from a migrated template, and an emptied Redis. Nested classes
 * share those of the class around them.
 */
public final class EmbeddedStoresExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(EmbeddedStoresExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isOutermost(context)) {
      stores(context);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (isOutermost(context)) {
      shared(context).takeBack();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestStores.class;
  }

  @Override
  public TestStores resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return stores(context);
  }

  private static boolean isOutermost(ExtensionContext context) {
    return context.getRequiredTestClass().getEnclosingClass() == null;
  }

  /** Lent when first asked for: the constructor of a class with one instance runs before all. */
  private static TestStores stores(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            TestStores.class,
            key -> shared(context).lend(context.getRequiredTestClass().getSimpleName()),
            TestStores.class);
  }

  private static SharedStores shared(ExtensionContext context) {
    // JUnit closes what its root store holds when the last test has ended.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(SharedStores.class, key -> SharedStores.start(), SharedStores.class);
  }
}
