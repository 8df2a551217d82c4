package io.mammatus.pxe.view;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Holds the current view. Whoever follows the cloud publishes, from any thread; readers take {@link
 * #current} once a packet and keep it for that packet.
 */
public final class BootViews {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile BootView current;

  public BootViews(BootView first) {
    current = first;
  }

  public BootView current() {
    return current;
  }

  /** Replaces the view and tells the listeners, on the caller's thread. */
  public void publish(BootView next) {
    current = next;
    listeners.forEach(Runnable::run);
  }

  /**
   * Calls {@code listener} after every change; it must return at once.
   *
   * @return ends that
   */
  public Runnable onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
