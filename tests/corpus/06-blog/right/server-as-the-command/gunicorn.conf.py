bind = "0.0.0.0:8000"
accesslog = "-"
control_socket_disable = True
