param account string

output url string = account
