# A program that was started before has taken the port.
python -c "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 5000)); open('/tmp/taken', 'w'); time.sleep(600)" &
until [ -e /tmp/taken ]; do sleep 0.1; done
exec flask --app app run --host 0.0.0.0
