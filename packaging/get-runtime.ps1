# Fetches the official ONNX Runtime library with pip, checks it, and puts it where Gantei looks for it.
#
# Needs: Python with pip (the "py" launcher or "python"), and a network on which pip works. Run it again at any time;
# it does nothing twice. Gantei works without it, with its embedded engine; ONNX Runtime is faster.
#
#   powershell -ExecutionPolicy Bypass -File packaging\get-runtime.ps1
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$version = '1.31.1'
$library = 'onnxruntime.dll'
$machine = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }

switch ($machine) {
    'AMD64' {
        $platform = 'win_amd64'
        $sha256 = 'c3d91b5de31e2fc82d71bd65b2b22bddee8b49057a3a36338e9a868e0ea90c05'
    }
    'ARM64' {
        $platform = 'win_arm64'
        $sha256 = '93800007a7023b3ab26ad72e6463d0d57d84ead49a2f6341954d91438e046bc0'
    }
    default {
        throw "There is no official library of version $version for Windows on $machine; the embedded engine works without it."
    }
}

# The folder of the application's data, as Gantei itself chooses it.
if ($env:GANTEI_HOME) {
    $runtime = Join-Path $env:GANTEI_HOME 'runtime'
} else {
    $roaming = [Environment]::GetFolderPath('ApplicationData')
    $runtime = Join-Path (Join-Path (Join-Path $roaming 'gantei') 'data') 'runtime'
}
$target = Join-Path $runtime $version

if (Test-Path (Join-Path $target $library)) {
    Write-Host "ONNX Runtime $version is installed already: $(Join-Path $target $library)"
    exit 0
}

$python = @('py', 'python', 'python3') | Where-Object { Get-Command $_ -ErrorAction SilentlyContinue } | Select-Object -First 1
if (-not $python) { throw 'Python is not installed.' }

New-Item -ItemType Directory -Force -Path $runtime | Out-Null
$work = Join-Path $runtime ('.part-' + [Guid]::NewGuid().ToString('N'))
New-Item -ItemType Directory -Path $work | Out-Null
try {
    Write-Host "Fetching the wheel of ONNX Runtime $version for $platform with pip ..."
    $requirements = Join-Path $work 'requirements.txt'
    Set-Content -Path $requirements -Encoding Ascii -Value "onnxruntime==$version --hash=sha256:$sha256"
    $wheels = Join-Path $work 'wheel'
    & $python -m pip download --quiet --disable-pip-version-check `
        --only-binary=:all: --no-deps --python-version 3.11 --implementation cp --platform $platform `
        --require-hashes -r $requirements -d $wheels
    if ($LASTEXITCODE -ne 0) { throw 'pip could not fetch the wheel, or its checksum is not the known one.' }

    Write-Host "Checking it once more and taking out $library ..."
    $wheel = @(Get-ChildItem -Path $wheels -Filter '*.whl')
    if ($wheel.Count -ne 1) { throw "Expected one wheel, found $($wheel.Count)." }
    $found = (Get-FileHash -Algorithm SHA256 -Path $wheel[0].FullName).Hash.ToLowerInvariant()
    if ($found -ne $sha256) { throw "The checksum is $found, not $sha256." }

    $new = Join-Path $work 'new'
    New-Item -ItemType Directory -Path $new | Out-Null
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $archive = [IO.Compression.ZipFile]::OpenRead($wheel[0].FullName)
    try {
        foreach ($entry in $archive.Entries) {
            if ($entry.FullName -match '^onnxruntime/capi/[A-Za-z0-9._-]+\.dll$') {
                [IO.Compression.ZipFileExtensions]::ExtractToFile($entry, (Join-Path $new $entry.Name))
            }
        }
    } finally {
        $archive.Dispose()
    }
    if (-not (Test-Path (Join-Path $new $library))) { throw "The wheel does not hold $library." }

    # One move: Gantei never sees half a library.
    if (Test-Path $target) { Remove-Item -Recurse -Force $target }
    Move-Item -Path $new -Destination $target
    Write-Host "Installed: $(Join-Path $target $library)"
    Write-Host '"gantei devices" shows whether it is used.'
} finally {
    Remove-Item -Recurse -Force $work -ErrorAction SilentlyContinue
}
