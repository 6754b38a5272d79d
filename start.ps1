# Starts the whole system in Docker, waits until every service is healthy, and says where everything is. start.sh does the same step for step.
#
#   powershell -ExecutionPolicy Bypass -File start.ps1 -Producer
[CmdletBinding()]
param(
  # Also start simulated users, after twenty minutes of their past, so that every table has rows at once.
  [switch]$Producer,
  # So many Spark workers; 0: as many as run, at first 1.
  [ValidateRange(0, 99)][int]$Scale = 0,
  # Stop and remove the containers; data stays.
  [switch]$Down,
  # The same, and delete the data: volumes and data/lake. Asks first; -Yes does not.
  [switch]$Clean,
  [switch]$Yes,
  # With docker-compose.secure.yml: SASL/SCRAM for Kafka, TLS for Spark Connect.
  [switch]$Secure
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

function Stop-Start([string]$What, [string[]]$Advice = @()) {
  Write-Host "start: $What" -ForegroundColor Red
  foreach ($line in $Advice) { Write-Host "       $line" }
  exit 1
}

# --- what the machine must have

if (-not (Get-Command docker -ErrorAction SilentlyContinue)) {
  Stop-Start 'Docker is not installed.' 'See https://docs.docker.com/get-docker/'
}
docker info *> $null
if ($LASTEXITCODE -ne 0) { Stop-Start 'the Docker engine does not answer.' 'Start Docker Desktop and wait until it says that it runs.' }
docker compose version *> $null
if ($LASTEXITCODE -eq 0) { $composeProgram = 'docker'; $composeFirst = @('compose') }
elseif (Get-Command docker-compose -ErrorAction SilentlyContinue) { $composeProgram = 'docker-compose'; $composeFirst = @() }
else { Stop-Start 'Docker Compose is not installed.' 'It comes with Docker Desktop; or install docker-compose 1.29.' }
$composeFiles = @('-f', 'docker-compose.yml')
if ($Secure) { $composeFiles += @('-f', 'docker-compose.secure.yml') }
$composeName = (@($composeProgram) + $composeFirst) -join ' '

function Invoke-Compose { & $composeProgram @composeFirst @composeFiles @args }

# --- .env: from the example, with passwords of its own

$secretNames = @(
  'POSTGRES_PASSWORD', 'POSTGRES_WRITER_PASSWORD', 'POSTGRES_READER_PASSWORD', 'DASHBOARD_TOKEN',
  'SPARK_CONNECT_AUTHENTICATE_TOKEN', 'SPARK_CLUSTER_SECRET', 'KAFKA_SASL_PASSWORD'
)

function Get-RandomText {
  $letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  $generator = [System.Security.Cryptography.RandomNumberGenerator]::Create()
  $text = ''
  while ($text.Length -lt 40) {
    $byte = New-Object byte[] 1
    $generator.GetBytes($byte)
    # Bytes beyond a multiple of 62 would make some letters likelier.
    if ($byte[0] -lt 248) { $text += $letters[$byte[0] % 62] }
  }
  $text
}

function Get-EnvValue([string]$Name) {
  $line = Get-Content .env | Where-Object { $_ -match "^$Name=" } | Select-Object -Last 1
  if ($null -eq $line) { return '' }
  ($line -replace "^$Name=", '').Trim().Trim('"').Trim("'")
}

function Initialize-Env {
  if (-not (Test-Path .env)) {
    Copy-Item .env.example .env
    Write-Host 'made .env from .env.example, with passwords of its own'
  }
  foreach ($name in $secretNames) {
    if ((Get-EnvValue $name) -ne '') { continue }
    $value = "$name=$(Get-RandomText)"
    $lines = @(Get-Content .env)
    if ($lines -match "^$name=") { $lines = $lines -replace "^$name=.*", $value } else { $lines += $value }
    # Without a byte order mark, with line feeds: the file is read inside Linux containers, too.
    [System.IO.File]::WriteAllText((Join-Path $PSScriptRoot '.env'), (($lines -join "`n") + "`n"))
  }
}

if (($Down -or $Clean) -and -not (Test-Path .env)) { Write-Host 'there is no .env: nothing was started here'; exit 0 }
Initialize-Env
if (-not $env:COMPOSE_PROJECT_NAME) { $env:COMPOSE_PROJECT_NAME = Get-EnvValue 'COMPOSE_PROJECT_NAME' }
if (-not $env:COMPOSE_PROJECT_NAME) { $env:COMPOSE_PROJECT_NAME = 'sluice' }
Invoke-Compose config -q
if ($LASTEXITCODE -ne 0) { Stop-Start 'the compose file or .env is not right; see above.' }

# One object per container of this project.
function Get-ServiceState {
  $format = '{{.Label "com.docker.compose.service"}}|{{.Label "com.docker.compose.container-number"}}|{{.Status}}'
  $found = docker ps -a --filter "label=com.docker.compose.project=$env:COMPOSE_PROJECT_NAME" --filter 'label=com.docker.compose.oneoff=False' --format $format
  foreach ($line in @($found | Where-Object { $_ } | Sort-Object)) {
    $service, $number, $status = $line -split '\|', 3
    $state = switch -Regex ($status) {
      '\(healthy\)' { 'healthy'; break }
      '\(unhealthy\)' { 'UNHEALTHY'; break }
      'health: starting' { 'starting'; break }
      '^Up' { 'running'; break }
      '^Exited \(0\)' { 'done'; break }
      '^Created' { 'waiting'; break }
      '^Restarting' { 'restarting'; break }
      default { $status }
    }
    [pscustomobject]@{ Service = $service; Name = "$service-$number"; State = $state }
  }
}

# --- down and clean

if ($Down -or $Clean) {
  # -v: the working folders of Spark go with their containers; volumes with a name stay.
  Invoke-Compose --profile producer stop
  Invoke-Compose --profile producer rm -fsv *> $null
  if ($Clean) {
    if (-not $Yes) {
      $answer = Read-Host "Delete all data of $env:COMPOSE_PROJECT_NAME (Kafka, Postgres, checkpoints, data/lake)? [y/N]"
      if ($answer -notmatch '^[yY]') { Write-Host 'nothing was deleted'; exit 0 }
    }
    # The files belong to the user inside the containers.
    Invoke-Compose run --rm --no-deps --user 1000:1000 --entrypoint sh volumes -c 'rm -rf /data/lake/* /data/lake/.[!.]*' *> $null
    Invoke-Compose --profile producer down -v --remove-orphans
    Write-Host 'all data is deleted; .env stays'
  }
  else {
    Invoke-Compose --profile producer down --remove-orphans
    Write-Host 'stopped; start.ps1 goes on where it was'
  }
  exit 0
}

# --- ports

if (-not (Get-ServiceState | Where-Object { $_.State -in 'healthy', 'UNHEALTHY', 'starting', 'running' })) {
  foreach ($name in 'KAFKA_PORT', 'POSTGRES_PORT', 'SPARK_CONNECT_PORT', 'SPARK_UI_PORT', 'SPARK_MASTER_UI_PORT', 'DASHBOARD_PORT') {
    $port = Get-EnvValue $name
    if ($port -eq '') { continue }
    $client = New-Object System.Net.Sockets.TcpClient
    try {
      $client.Connect('127.0.0.1', [int]$port)
      Stop-Start "port $port is in use by another program." "Stop it, or set $name in .env to a free port.", "Who it is: Get-NetTCPConnection -LocalPort $port"
    }
    catch [System.Net.Sockets.SocketException] { Write-Verbose "port $port is free" }
    finally { $client.Dispose() }
  }
}
New-Item -ItemType Directory -Force data/lake | Out-Null
if ($Secure) { New-Item -ItemType Directory -Force data/tls | Out-Null }

# --- up, and a table of services until all are healthy

$timeout = if ($env:START_TIMEOUT) { [int]$env:START_TIMEOUT } else { 900 }
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$script:shown = ''

function Get-Second { [int]$clock.Elapsed.TotalSeconds }

function Show-Service {
  $table = (Get-ServiceState | ForEach-Object { '  {0,-18} {1}' -f $_.Name, $_.State }) -join "`n"
  if ($table -eq $script:shown) { return }
  Write-Host "services after $(Get-Second) s`n$table"
  $script:shown = $table
}

function Show-Log([string]$Service) {
  Write-Host "--- the last lines of $Service (more: $composeName logs $Service)"
  Invoke-Compose logs --no-color '--tail=25' $Service
}

function Get-Waiting { @(Get-ServiceState | Where-Object { $_.State -notin 'healthy', 'done' -and -not ($_.Service -eq 'producer' -and $_.State -eq 'running') }) }

Write-Host 'building the image sluice; the first time takes some minutes'
Invoke-Compose build volumes
if ($LASTEXITCODE -ne 0) { Stop-Start 'the image could not be built; the reason stands above.' 'Is the network there? Are package registries reachable from a container?' }
$up = @('up', '-d', '--remove-orphans')
if ($Scale -gt 0) { $up += @('--scale', "spark-worker=$Scale") }
$log = [System.IO.Path]::GetTempFileName()
$process = Start-Process -FilePath $composeProgram -ArgumentList ($composeFirst + $composeFiles + $up) -NoNewWindow -PassThru -RedirectStandardOutput "$log.out" -RedirectStandardError $log
$null = $process.Handle # Without it the exit code is not kept.
while ($true) {
  Show-Service
  $failed = Get-ServiceState | Where-Object { $_.Service -in 'topics', 'volumes', 'certificates', 'kafka-users' -and $_.State -match '^Exited' } | Select-Object -First 1
  if ($failed) { if (-not $process.HasExited) { $process.Kill() }; Show-Log $failed.Service; Stop-Start "$($failed.Service) did not succeed." }
  if ($process.HasExited) {
    if ($process.ExitCode -ne 0) {
      Get-Content $log -Tail 30
      $bad = Get-ServiceState | Where-Object { $_.State -match 'UNHEALTHY|restarting|^Exited' } | Select-Object -First 1
      if ($bad) { Show-Log $bad.Service }
      if ((Get-Content $log -Raw) -match 'address already in use|port is already allocated') {
        Stop-Start 'a port was taken by another program meanwhile; its number stands above.' 'Set another one in .env (KAFKA_PORT, POSTGRES_PORT, SPARK_*_PORT, DASHBOARD_PORT).'
      }
      Stop-Start 'the start failed; the reason stands above.' 'Free memory and disk: docker system df; docker stats --no-stream'
    }
    if ((Get-Waiting).Count -eq 0) { break }
  }
  if ((Get-Second) -gt $timeout) {
    $late = Get-Waiting | Select-Object -First 1
    if ($late) { Show-Log $late.Service }
    Stop-Start "not everything was healthy after $timeout s." 'It goes on in the background; a larger START_TIMEOUT waits longer.'
  }
  Start-Sleep -Seconds 2
}
Show-Service
Write-Host "all services are healthy after $(Get-Second) s"

# --- simulated users

function Invoke-Query([string]$Sql) {
  $command = 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -tAqc "{0}"' -f $Sql
  "$(Invoke-Compose exec -T postgres sh -c $command)".Trim()
}

if ($Producer) {
  if ((Invoke-Query 'SELECT count(*) FROM page_view_counts') -eq '0') {
    Write-Host 'sending the last twenty minutes of simulated users: 20,000 events'
    Invoke-Compose --profile producer run --rm --no-deps -T producer sluice produce --quiet --count 20000
    if ($LASTEXITCODE -ne 0) { Stop-Start 'the simulated users failed.' }
  }
  Invoke-Compose --profile producer up -d --no-deps producer
  if ($LASTEXITCODE -ne 0) { Stop-Start 'the producer did not start.' }
  while ($true) {
    $pages, $users, $sessions = 'page_view_counts', 'active_users', 'user_sessions' | ForEach-Object { [int](Invoke-Query "SELECT count(*) FROM $_") }
    if ($pages -gt 0 -and $users -gt 0 -and $sessions -gt 0) { break }
    if ((Get-Second) -ge $timeout) { Show-Log pipeline; Stop-Start "not every table had rows after $timeout s." }
    Start-Sleep -Seconds 1
  }
  Write-Host "rows in every table after $(Get-Second) s: page_view_counts $pages, active_users $users, user_sessions $sessions"
}

Write-Host ''
$places = [ordered]@{
  'dashboard'      = "http://127.0.0.1:$(Get-EnvValue DASHBOARD_PORT)   (password: DASHBOARD_TOKEN in .env)"
  'Kafka'          = "127.0.0.1:$(Get-EnvValue KAFKA_PORT)"
  'Postgres'       = "postgresql://$(Get-EnvValue POSTGRES_USER)@127.0.0.1:$(Get-EnvValue POSTGRES_PORT)/$(Get-EnvValue POSTGRES_DB)   (password: POSTGRES_PASSWORD in .env)"
  'Spark Connect'  = "sc://127.0.0.1:$(Get-EnvValue SPARK_CONNECT_PORT)   (token: SPARK_CONNECT_AUTHENTICATE_TOKEN in .env)"
  'Spark, queries' = "http://127.0.0.1:$(Get-EnvValue SPARK_UI_PORT)"
  'Spark, cluster' = "http://127.0.0.1:$(Get-EnvValue SPARK_MASTER_UI_PORT)"
  'lake'           = 'data/lake'
}
foreach ($place in $places.GetEnumerator()) { Write-Host ('  {0,-16} {1}' -f $place.Key, $place.Value) }
Write-Host ''
Write-Host "next: $composeName exec pipeline sluice status    $composeName exec pipeline sluice verify    start.ps1 -Down"
