package io.beringia.trust.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustBundles;
import io.beringia.trust.identity.TrustDomain;
import io.beringia.trust.identity.X509Svid;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class IdentityKeyManagerTest {
    private static final TrustDomain DOMAIN = TrustDomain.parse("corp.example");

    private final Authority root = Authority.root(DOMAIN);
    private final AtomicReference<X509Svid> newest = new AtomicReference<>(next());
    private final IdentityKeyManager manager = new IdentityKeyManager(new Renewing());

    @Test
    void a_handshake_ends_with_the_certificate_that_it_began_with() {
        X509Svid first = newest();
        String begun = alias();
        newest.set(next());

        assertThat(alias()).as("the next handshake shows the new one").isNotEqualTo(begun);
        assertThat(manager.getPrivateKey(begun)).as("key").isEqualTo(first.key());
        assertThat(manager.getCertificateChain(begun)).as("chain").containsExactlyElementsOf(first.chain());
    }

    @Test
    void forgets_all_but_the_last_two() {
        String oldest = alias();
        newest.set(next());
        alias();
        newest.set(next());
        alias();

        assertThat(manager.getPrivateKey(oldest)).as("key").isNull();
        assertThat(manager.getCertificateChain("none")).as("an alias of nobody").isNull();
    }

    private String alias() {
        return manager.chooseEngineServerAlias("EC", null, null);
    }

    private X509Svid next() {
        return root.svid(SpiffeId.ofWorkload(DOMAIN, "shop", "cart"), Duration.ofHours(1));
    }

    private X509Svid newest() {
        return Objects.requireNonNull(newest.get());
    }

    private final class Renewing implements Credentials {
        @Override
        public X509Svid svid() {
            return newest();
        }

        @Override
        public TrustBundles bundles() {
            return root.bundles();
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            return () -> {};
        }
    }
}
