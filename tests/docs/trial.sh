# What the server does for its users, under systemd with the unit of docs/serving.md; prints what test_unit.py expects.
at=http://127.0.0.1:7878
slow='SELECT (COUNT(*) AS ?n) { {SELECT * {?a ?b ?c} LIMIT 4000} {SELECT * {?d ?e ?f} LIMIT 4000} }'
endless='SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }'
status() { curl -s -m 60 -o /dev/null -w "$1 %{http_code}\n" "${@:2}"; }
ask() { status "$1" "$at/sparql" --data-urlencode "query=$2"; }
main() { systemctl show --property MainPID --value hamakg; }
ready() { for _ in $(seq 200); do curl -s -m 2 $at/health | grep -q '"ready": true' && return; sleep 0.1; done; echo "not ready"; }
try() { nsenter -t "$(main)" -m -S "$(id -u hamakg)" -G "$(id -g hamakg)" bash -c ": > $1" 2>/dev/null && echo "can write $1"; }

systemctl start hamakg
ready
ask question 'ASK {}'
for _ in 1 2 3 4; do ask endless "$endless" & done
sleep 2
ask meanwhile 'ASK {}'
wait
for page in / /query /review /ontology /metrics /reconcile; do status "$page" "$at$page"; done
for number in $(seq 20000); do echo "<urn:s:$number> <urn:p> \"$number\" ."; done > "$PWD/graph.nt"
status put -X PUT -H 'Authorization: Bearer secret' -H 'Content-Type: application/n-triples' --data-binary "@$PWD/graph.nt" "$at/store?graph=urn:g"
status update -H 'Authorization: Bearer secret' $at/sparql --data-urlencode 'update=INSERT DATA { <urn:a> <urn:b> <urn:c> }'
ask count 'SELECT (COUNT(*) AS ?n) { GRAPH <urn:g> { ?s ?p ?o } }'
for file in /etc/x /opt/x /usr/x /var/x /root/x /var/lib/hamakg/x; do try $file; done

ip address add 10.99.99.99/32 dev lo
status elsewhere -m 2 --interface 10.99.99.99 $at/health

kill -9 "$(main)"
ready
echo "restarts $(systemctl show --property NRestarts --value hamakg)"

ask finished "$slow" &
sleep 1
systemctl stop hamakg
wait
systemctl show --property Result hamakg

sed -i 's/ serve / serve --no-such-option /' /lib/systemd/system/hamakg.service
systemctl daemon-reload
systemctl start hamakg
sleep 3
echo "restarts $(systemctl show --property NRestarts --value hamakg), $(systemctl is-failed hamakg)"
echo END
