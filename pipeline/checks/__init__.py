"""What `dansinh check` looks at, one module a subject."""
