package io.beringia.trust.ledger;

import io.beringia.trust.identity.Credentials;
import java.net.http.HttpClient;
import java.util.List;

/**
 * Who cosigns a ledger, and how they are asked.
 *
 * @param client whose TLS shows and judges identities
 * @param credentials of the writer, by which witnesses learn its key
 */
public record Cosigning(List<WitnessPeer> peers, HttpClient client, Credentials credentials) {
    public Cosigning {
        peers = List.copyOf(peers);
    }
}
