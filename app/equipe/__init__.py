"""L'équipe vue par le chef de service : qui suit qui, qui prête à qui, les téléphones, ce qui arrive tard."""
