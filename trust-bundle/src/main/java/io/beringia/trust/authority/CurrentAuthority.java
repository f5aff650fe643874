package io.beringia.trust.authority;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Who signs for a cluster now. It stays of one trust domain and one cluster; the root above it may change. Any thread
 * reads it, one changes it.
 */
public final class CurrentAuthority implements Supplier<Authority> {
    private final AtomicReference<Authority> now;

    public CurrentAuthority(Authority first) {
        now = new AtomicReference<>(first);
    }

    @Override
    public Authority get() {
        return Objects.requireNonNull(now.get());
    }

    /** Whatever is asked for from here on is signed by {@code next}; what is being signed may still be by the last one. */
    public void change(Authority next) {
        now.set(next);
    }
}
