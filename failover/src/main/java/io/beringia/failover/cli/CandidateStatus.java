package io.beringia.failover.cli;

import io.beringia.trust.client.CredentialFiles;
import io.beringia.trust.client.FileCredentials;
import io.beringia.trust.client.HttpTls;
import io.beringia.trust.client.SpiffeVerifier;
import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * What one candidate shows to an operator, read again and again over one connection: for drills that watch. Owned by one
 * thread.
 */
public final class CandidateStatus implements AutoCloseable {
    private final String address;
    private final HttpClient http;

    private CandidateStatus(String address, HttpClient http) {
        this.address = address;
        this.http = http;
    }

    /**
     * Nothing is asked yet.
     *
     * @param address {@code host:port} of its operator API
     * @param identity the operator's chain, key and bundle, three PEM files
     * @param expected who must answer
     */
    public static CandidateStatus of(String address, List<Path> identity, Predicate<SpiffeId> expected) {
        Credentials credentials =
                FileCredentials.load(CredentialFiles.ofOwnDomain(identity.get(0), identity.get(1), identity.get(2)));
        HttpTls tls = new HttpTls(credentials, new SpiffeVerifier(), InstantSource.system());
        return new CandidateStatus(address, new OperatorClient(List.of(address), tls, expected).client());
    }

    /** As {@code beringia region status --output json} prints it. Throws if it does not answer. */
    public JsonNode read() throws IOException, InterruptedException {
        return OperatorClient.answer(http, HttpRequest.newBuilder().GET(), address, OperatorClient.STATUS)
                .body();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
