package dev.shunt.temporal;

import dev.shunt.temporal.PemFiles.Identity;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** The client's certificate and key, as they are on disk when a connection is made. */
final class RotatedKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "shunt";

    private final Fresh<Identity> identity;

    RotatedKey(Path certificate, Path key) {
        this.identity = new Fresh<>(List.of(certificate, key), () -> PemFiles.identity(certificate, key));
    }

    @Override
    public String chooseEngineClientAlias(String[] kinds, Principal[] issuers, SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseClientAlias(String[] kinds, Principal[] issuers, Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getClientAliases(String kind, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity.get().chain().clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity.get().key();
    }

    @Override
    public String[] getServerAliases(String kind, Principal[] issuers) {
        throw new UnsupportedOperationException("only a client's");
    }

    @Override
    public String chooseServerAlias(String kind, Principal[] issuers, Socket socket) {
        throw new UnsupportedOperationException("only a client's");
    }
}
