package dev.usher.console;

import dev.usher.control.Holder;
import org.jspecify.annotations.Nullable;

/**
 * What stands around every page.
 *
 * @param title the page's
 * @param section the entry of the navigation that is marked
 * @param holder who has signed in; null on the page to sign in
 * @param organization the name of the organization that is shown; empty for none
 * @param csrf goes with every form
 * @param notice what the change before did; empty where there was none
 */
public record Screen(
    Assets assets,
    String title,
    String section,
    @Nullable Holder holder,
    String organization,
    String csrf,
    String notice) {
  /** The address of a style sheet or a script. */
  public String asset(String name) {
    return assets.address(name);
  }

  /** Whether an entry of the navigation is the one that is shown. */
  public boolean in(String name) {
    return section.equals(name);
  }

  public boolean signedIn() {
    return holder != null;
  }

  public boolean administrator() {
    return holder != null && holder.administrator();
  }

  public boolean mayChange() {
    return holder != null && holder.mayChange();
  }

  public boolean mayAdminister() {
    return holder != null && holder.mayAdminister();
  }

  public String keyName() {
    return holder == null ? "" : holder.keyName();
  }

  public String role() {
    return holder == null ? "" : holder.role();
  }
}
