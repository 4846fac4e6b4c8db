-- Who may read and write what, for three roles of PostgreSQL. The owner of the tables may do everything.
-- May be run again at any time, by the owner, in the database (psql -f r0001_roles.sql), as when the roles were made later.
--   simulator_trainee   own sessions only: rows of people whose login, or else name, is the role, or whom it put in
--   simulator_lead      those, and all members of the cohorts it leads
--   simulator_trainer   no row about anybody; sums by scenario, of five people and more
-- GRANT simulator_trainee TO anna;  makes the login anna a trainee.

DO $$
DECLARE
    who text;
    home text := quote_ident(current_schema());
BEGIN
    FOREACH who IN ARRAY ARRAY['simulator_trainee', 'simulator_lead', 'simulator_trainer'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = who) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', who);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another process was quicker
            WHEN insufficient_privilege THEN RAISE NOTICE 'role % cannot be made; only the owner can use the store', who;
        END;
    END LOOP;

    -- As definer, so that a policy may look where the reader may not; nothing but the ids comes out, and only of roles
    -- that the session may act as. pg_temp comes last, or a temporary table could stand in for a real one.
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION records_read_by(who name) RETURNS SETOF integer
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = %s, pg_temp AS $q$
            SELECT id FROM people
            WHERE (keeper = who OR coalesce(login, name) = who) AND pg_has_role(session_user, who, 'member')
            UNION
            SELECT members.person FROM members JOIN cohorts ON cohorts.id = members.cohort
            WHERE cohorts.lead = who AND pg_has_role(session_user, who, 'member')
        $q$ $f$, home);
    EXECUTE format($f$
        CREATE OR REPLACE FUNCTION cohorts_seen_by(who name) RETURNS SETOF integer
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = %s, pg_temp AS $q$
            SELECT members.cohort FROM members JOIN people ON people.id = members.person
            WHERE (keeper = who OR coalesce(login, name) = who) AND pg_has_role(session_user, who, 'member')
            UNION
            SELECT id FROM cohorts WHERE lead = who AND pg_has_role(session_user, who, 'member')
        $q$ $f$, home);
END $$;

ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE scores ENABLE ROW LEVEL SECURITY;
ALTER TABLE cells ENABLE ROW LEVEL SECURITY;
ALTER TABLE cohorts ENABLE ROW LEVEL SECURITY;
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignments ENABLE ROW LEVEL SECURITY;

-- A forgotten person's row holds nothing but a salted digest; whoever stores sessions must be able to see that.
DROP POLICY IF EXISTS seen ON people;
CREATE POLICY seen ON people FOR SELECT USING (
    forgotten OR keeper = current_user OR coalesce(login, name) = current_user
    OR id IN (SELECT records_read_by(current_user)));
DROP POLICY IF EXISTS brought ON people;
CREATE POLICY brought ON people FOR INSERT WITH CHECK (keeper = current_user AND login IS NULL AND NOT forgotten);
DROP POLICY IF EXISTS forgot ON people;
CREATE POLICY forgot ON people FOR UPDATE USING (id IN (SELECT records_read_by(current_user)))
    WITH CHECK (forgotten AND name IS NULL AND login IS NULL AND keeper IS NULL);

DROP POLICY IF EXISTS own ON sessions;
CREATE POLICY own ON sessions USING (person IN (SELECT records_read_by(current_user)));
DROP POLICY IF EXISTS own ON cells;
CREATE POLICY own ON cells USING (person IN (SELECT records_read_by(current_user)));
DROP POLICY IF EXISTS own ON scores;
CREATE POLICY own ON scores USING (EXISTS (SELECT FROM sessions WHERE sessions.id = scores.session));

DROP POLICY IF EXISTS seen ON cohorts;
CREATE POLICY seen ON cohorts FOR SELECT
    USING (lead = current_user OR id IN (SELECT cohorts_seen_by(current_user)));
DROP POLICY IF EXISTS led ON cohorts;
CREATE POLICY led ON cohorts USING (lead = current_user);

-- A lead adds only people whose sessions are open to them already, or anybody's could be opened by adding them.
DROP POLICY IF EXISTS seen ON members;
CREATE POLICY seen ON members FOR SELECT USING (person IN (SELECT records_read_by(current_user)));
DROP POLICY IF EXISTS added ON members;
CREATE POLICY added ON members FOR INSERT WITH CHECK (
    person IN (SELECT records_read_by(current_user))
    AND cohort IN (SELECT id FROM cohorts WHERE lead = current_user));
DROP POLICY IF EXISTS removed ON members;
CREATE POLICY removed ON members FOR DELETE USING (person IN (SELECT records_read_by(current_user)));

DROP POLICY IF EXISTS seen ON assignments;
CREATE POLICY seen ON assignments FOR SELECT USING (cohort IN (SELECT cohorts_seen_by(current_user)));
DROP POLICY IF EXISTS led ON assignments;
CREATE POLICY led ON assignments USING (cohort IN (SELECT id FROM cohorts WHERE lead = current_user));

-- A view reads with its owner's rights, so policies do not hold in it: what it shows is the rule.
CREATE OR REPLACE VIEW scenario_totals AS
    SELECT scenario, dimension, rater, count(DISTINCT person) AS people, sum(sessions) AS sessions,
           round(sum(points) / 10000.0 / sum(sessions), 2) AS mean
    FROM cells GROUP BY scenario, dimension, rater HAVING count(DISTINCT person) >= 5;

DO $$
DECLARE
    who text;
BEGIN
    FOR who IN SELECT rolname FROM pg_roles WHERE rolname IN ('simulator_trainee', 'simulator_lead') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), who);
        EXECUTE format('GRANT SELECT ON alembic_version, store_facts, people, cohorts, members, assignments TO %I', who);
        EXECUTE format('GRANT INSERT (mark, name, keeper, forgotten, since) ON people TO %I', who);
        EXECUTE format('GRANT UPDATE (name, login, keeper, forgotten) ON people TO %I', who);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON sessions, scores, cells TO %I', who);
        EXECUTE format('GRANT DELETE ON members TO %I', who);
        EXECUTE format('GRANT USAGE ON SEQUENCE people_id_seq TO %I', who);
    END LOOP;
    FOR who IN SELECT rolname FROM pg_roles WHERE rolname = 'simulator_lead' LOOP
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON cohorts, assignments TO %I', who);
        EXECUTE format('GRANT INSERT ON members TO %I', who);
        EXECUTE format('GRANT USAGE ON SEQUENCE cohorts_id_seq TO %I', who);
        EXECUTE format('GRANT SELECT ON scenario_totals TO %I', who);
    END LOOP;
    FOR who IN SELECT rolname FROM pg_roles WHERE rolname = 'simulator_trainer' LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), who);
        EXECUTE format('GRANT SELECT ON alembic_version, scenario_totals TO %I', who);
    END LOOP;
END $$;
