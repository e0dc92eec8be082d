import socket

server = socket.create_server(("127.0.0.1", 8000))
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    connection.close()
