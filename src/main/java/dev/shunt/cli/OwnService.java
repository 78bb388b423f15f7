package dev.shunt.cli;

import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A service that was started for the demo alone, on embedded backends. */
final class OwnService implements DemoService {

    private final ServiceProcess process;
    private final Shunt shunt;

    OwnService(ServiceProcess process) {
        this.process = process;
        this.shunt = new Shunt(process.url());
    }

    @Override
    public Shunt shunt() {
        return shunt;
    }

    @Override
    public String project() {
        return "demo";
    }

    @Override
    public void start() throws IOException, InterruptedException {
        process.start(START_WITHIN);
    }

    @Override
    public void restart() throws IOException, InterruptedException {
        process.kill9();
        process.start(START_WITHIN);
    }

    @Override
    public URI redis() throws IOException, InterruptedException {
        return shunt.backends().redisUrl();
    }

    @Override
    public Connection database() throws SQLException {
        try {
            return DriverManager.getConnection(shunt.backends().jdbcUrl(), "shunt", process.databasePassword());
        } catch (IOException e) {
            throw new SQLException("the service does not say where its database is", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    @Override
    public boolean shared() {
        return false;
    }
}
