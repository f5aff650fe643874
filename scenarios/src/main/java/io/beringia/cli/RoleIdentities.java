package io.beringia.cli;

import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.FirstCertificate;
import io.beringia.trust.client.RemoteCredentials;
import io.beringia.trust.client.RemoteSource;
import io.beringia.trust.client.RevocationWatch;
import io.beringia.trust.identity.Credentials;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the credentials of each role from where its configuration says, and keeps them fresh. A role whose certificate
 * comes from an issuance server starts when it is there: until then its start waits here, and {@link #awaited} says
 * so. Owned by the thread that starts the roles; {@code awaited} is for any thread.
 */
final class RoleIdentities {
    private static final Logger LOG = LoggerFactory.getLogger(RoleIdentities.class);
    /** A renewed certificate is used within this; reading two small files costs nothing. */
    private static final Duration LOOK_AT_FILES_EVERY = Duration.ofSeconds(5);

    private final RevocationWatch revocations;
    private final InstantSource clock;
    private final Startup startup;
    private final Consumer<AutoCloseable> opened;
    private volatile List<String> awaited = List.of();

    /** {@code opened} takes what is to be closed when the process ends. */
    RoleIdentities(RevocationWatch revocations, InstantSource clock, Startup startup, Consumer<AutoCloseable> opened) {
        this.revocations = revocations;
        this.clock = clock;
        this.startup = startup;
        this.opened = opened;
    }

    /** The certificate that a start waits for, and why there is none yet; empty where none does. */
    List<String> awaited() {
        return awaited;
    }

    /**
     * Throws where our own files cannot be used, and {@link CancellationException} where the process ends before a
     * first certificate came.
     */
    Credentials open(RegionConfig.IdentityFrom from) {
        return switch (from) {
            case RegionConfig.IdentityFrom.Files files -> {
                FileCredentials credentials = FileCredentials.load(files.files());
                opened.accept(credentials.watch(LOOK_AT_FILES_EVERY, RoleIdentities::report));
                yield credentials;
            }
            case RegionConfig.IdentityFrom.Trust trust -> {
                RemoteCredentials credentials = first(trust.source());
                opened.accept(credentials);
                yield credentials;
            }
        };
    }

    private RemoteCredentials first(RemoteSource source) {
        FirstCertificate first = new FirstCertificate(source, revocations, clock, RoleIdentities::report);
        String what = "first certificate from " + source.address();
        awaited = List.of(what);
        while (true) {
            switch (first.ask()) {
                case FirstCertificate.Attempt.Got got -> {
                    awaited = List.of();
                    return got.credentials();
                }
                case FirstCertificate.Attempt.NotYet notYet -> {
                    awaited = List.of(what + " (" + notYet.why() + ")");
                    startup.said().accept("waiting for " + awaited.getFirst());
                    startup.pause(notYet.pause());
                }
            }
        }
    }

    private static void report(FileCredentials.Reload reload) {
        switch (reload) {
            case FileCredentials.Reload.Unchanged unchanged -> {}
            case FileCredentials.Reload.Changed changed -> LOG.atInfo().log("new identity or roots read from files");
            case FileCredentials.Reload.Kept kept ->
                LOG.atWarn().addKeyValue("reason", kept.why()).log("identity files refused, the last good ones stay");
        }
    }

    private static void report(RemoteCredentials.News news) {
        switch (news) {
            case RemoteCredentials.Renewal.Renewed renewed ->
                LOG.atInfo().addKeyValue("until", renewed.notAfter()).log("certificate renewed");
            case RemoteCredentials.Renewal.Kept kept
            when kept.late() ->
                LOG.atError()
                        .addKeyValue("reason", kept.why())
                        .log("certificate not renewed, less than a third of its life is left");
            case RemoteCredentials.Renewal.Kept kept ->
                LOG.atWarn().addKeyValue("reason", kept.why()).log("certificate not renewed, the last good one stays");
            case RemoteCredentials.Roots.Changed changed ->
                LOG.atInfo()
                        .addKeyValue("generation", changed.bundles().generation())
                        .log("other roots are in force");
            case RemoteCredentials.Roots.Refused refused ->
                LOG.atError().addKeyValue("reason", refused.why()).log("roots refused, the last good ones stay");
            case RemoteCredentials.Roots.Unwatched unwatched ->
                LOG.atWarn().addKeyValue("reason", unwatched.why()).log("roots not followed, the last ones stay");
        }
    }
}
