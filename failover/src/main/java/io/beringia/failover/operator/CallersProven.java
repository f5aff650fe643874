package io.beringia.failover.operator;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import io.beringia.trust.client.HttpTls;
import javax.net.ssl.SSLParameters;

/** TLS that asks every caller for its certificate. Any thread. */
public final class CallersProven extends HttpsConfigurator {
    public CallersProven(HttpTls tls) {
        super(tls.server());
    }

    @Override
    public void configure(HttpsParameters parameters) {
        SSLParameters ours = HttpTls.newest(getSSLContext());
        ours.setNeedClientAuth(true);
        parameters.setSSLParameters(ours);
    }
}
